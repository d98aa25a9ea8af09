"""s3_server.py FOLDER PORT_FILE: OpenStack Swift with its S3 API on a free port of loopback, all in this
process and in that folder: one account with one user (key id test:tester, secret testing) and the
bucket march. Needs Debian's python3-swift."""
import os
import sys

import eventlet

eventlet.monkey_patch()
from eventlet import listen, wsgi
from swift.common import swob, utils

DIR, PORT_FILE = sys.argv[1:3]
utils.HASH_PATH_PREFIX, utils.HASH_PATH_SUFFIX = b"made", b"up"
utils.SWIFT_CONF_FILE = os.path.join(DIR, "swift.conf")
with open(utils.SWIFT_CONF_FILE, "w") as conf:
    conf.write("[swift-hash]\nswift_hash_path_prefix = made\nswift_hash_path_suffix = up\n"
               "[storage-policy:0]\nname = one\ndefault = yes\n")

from swift.account.server import AccountController
from swift.common import storage_policy
from swift.common.ring import RingBuilder
from swift.common.wsgi import loadapp
from swift.container.server import ContainerController
from swift.obj.server import ObjectController

storage_policy.reload_storage_policies()
os.makedirs(os.path.join(DIR, "disk", "sda"))
log = open(os.path.join(DIR, "log"), "a")
for kind, controller in (("account", AccountController), ("container", ContainerController), ("object", ObjectController)):
    socket = listen(("127.0.0.1", 0))
    port = socket.getsockname()[1]
    ring = RingBuilder(2, 1, 1)
    ring.add_dev({"region": 1, "zone": 1, "weight": 1, "device": "sda", "ip": "127.0.0.1", "port": port,
                  "replication_ip": "127.0.0.1", "replication_port": port})
    ring.rebalance()
    ring.get_ring().save(os.path.join(DIR, kind + ".ring.gz"))
    settings = {"swift_dir": DIR, "devices": os.path.join(DIR, "disk"), "mount_check": "false", "bind_ip": "127.0.0.1"}
    eventlet.spawn(wsgi.server, socket, controller(settings), log)

with open(os.path.join(DIR, "proxy.conf"), "w") as conf:
    conf.write(f"""[DEFAULT]
swift_dir = {DIR}
[pipeline:main]
pipeline = catch_errors gatekeeper cache s3api tempauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
""")
app = loadapp(os.path.join(DIR, "proxy.conf"))
made = swob.Request.blank("/v1/AUTH_test/march", {"REQUEST_METHOD": "PUT", "swift.authorize_override": True}).get_response(app)
if made.status_int // 100 != 2:
    sys.exit(f"s3_server.py: the bucket cannot be made: {made.status}")
socket = listen(("127.0.0.1", 0))
with open(PORT_FILE + ".new", "w") as to:
    to.write(f"{socket.getsockname()[1]}\n")
os.rename(PORT_FILE + ".new", PORT_FILE)
wsgi.server(socket, app, log)
