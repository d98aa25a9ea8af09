-- contrib/postgresql/ledger.sql: who may do what with a ledger of calls that several machines share
-- (api.quota = postgresql://...). Its tables are made by the first blindspot that opens it, so:
--
--   1. createdb quota
--   2. as who made the database:   blindspot --set api.quota=postgresql://ADMIN@HOST/quota doctor
--   3. as a superuser:             psql -d quota -f ledger.sql
--   4. for each who audits:        CREATE ROLE anna LOGIN; \password anna; GRANT blindspot_worker TO anna;
--
-- blindspot_owner   owns schema and tables, and nobody logs in as it: for upgrades
-- blindspot_worker  charges calls: sees, adds and counts up; deletes nothing, makes nothing
-- blindspot_reader  sees what was charged
--
-- Another schema than the usual one:  psql -v schema=NAME -d quota -f ledger.sql
-- It can be run again; then it grants the same.
\set ON_ERROR_STOP on
\if :{?schema}
\else
\set schema blindspot_quota
\endif
BEGIN;
SELECT format('CREATE ROLE %I NOLOGIN', role)
  FROM unnest(ARRAY['blindspot_owner', 'blindspot_worker', 'blindspot_reader']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER SCHEMA :"schema" OWNER TO blindspot_owner;
ALTER TABLE :"schema".quota OWNER TO blindspot_owner;
ALTER TABLE :"schema".charge OWNER TO blindspot_owner;
ALTER TABLE :"schema".version OWNER TO blindspot_owner;

REVOKE ALL ON SCHEMA :"schema" FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA :"schema" FROM PUBLIC, blindspot_worker, blindspot_reader;
GRANT USAGE ON SCHEMA :"schema" TO blindspot_worker, blindspot_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA :"schema" TO blindspot_worker, blindspot_reader;
GRANT INSERT, UPDATE (used, spent_at) ON :"schema".quota TO blindspot_worker;
GRANT INSERT, UPDATE (count, last_request, last_at, token) ON :"schema".charge TO blindspot_worker;
COMMIT;
