-- contrib/postgresql/audit.sql: who may do what with an audit in a schema of its own
-- (blindspot init 'postgresql://HOST/DATABASE?schema=march' DIR), once that is made. As a superuser:
--
--   psql -v schema=march -d DATABASE -f audit.sql
--   CREATE ROLE anna LOGIN; \password anna; GRANT blindspot_worker TO anna;
--
-- blindspot_owner   runs the audit: owns schema and tables
-- blindspot_worker  reads pages for it (blindspot work): leases, marks what was read, and puts uploads in;
--                   it sees the pages that are handed out and the settings for them, and nothing else
--                   of the audit, nor what other workers uploaded; it deletes and makes nothing
-- blindspot_reader  sees all of it, and changes nothing
--
-- It can be run again, after an upgrade for instance; then it grants the same.
\set ON_ERROR_STOP on
BEGIN;
SELECT format('CREATE ROLE %I NOLOGIN', role)
  FROM unnest(ARRAY['blindspot_owner', 'blindspot_worker', 'blindspot_reader']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER SCHEMA :"schema" OWNER TO blindspot_owner;
SELECT format('ALTER TABLE %I.%I OWNER TO blindspot_owner', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = :'schema' AND c.relkind IN ('r', 'v') \gexec

REVOKE ALL ON SCHEMA :"schema" FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA :"schema" FROM PUBLIC, blindspot_worker, blindspot_reader;
GRANT USAGE ON SCHEMA :"schema" TO blindspot_worker, blindspot_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA :"schema" TO blindspot_reader;

GRANT SELECT (version, left_at) ON :"schema".store_head TO blindspot_worker;
GRANT SELECT ON :"schema".work, :"schema".parcel, :"schema".parcel_page, :"schema".worker TO blindspot_worker;
GRANT UPDATE (stopped_at, retry_at, why, paused_until, pauses) ON :"schema".work TO blindspot_worker;
GRANT UPDATE (worker, until_at, leases, done) ON :"schema".parcel TO blindspot_worker;
GRANT UPDATE (done) ON :"schema".parcel_page TO blindspot_worker;
GRANT INSERT, UPDATE (until_at, sent) ON :"schema".worker TO blindspot_worker;
GRANT INSERT ON :"schema".upload TO blindspot_worker;
COMMIT;
