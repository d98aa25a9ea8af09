#!/usr/bin/env python3
"""tests/terminal.py [--rows N] [--columns N] [--until TEXT] [--int-after SECONDS] [--then "SHELL"]
FILE PROGRAM ARGS...: runs a program with stdin, stdout and stderr on a terminal of that size,
writes all that it shows to FILE and ends with its exit code. With --until, once TEXT was shown
the shell command of --then runs, and SIGINT follows after that many seconds."""
import fcntl, os, pty, select, signal, struct, subprocess, sys, termios, time

args, rows, columns, until, after, then = sys.argv[1:], 24, 80, None, None, None
while args and args[0].startswith("--"):
    name, value, args = args[0], args[1], args[2:]
    if name == "--rows":
        rows = int(value)
    elif name == "--columns":
        columns = int(value)
    elif name == "--until":
        until = value.encode()
    elif name == "--int-after":
        after = float(value)
    elif name == "--then":
        then = value
    else:
        sys.exit("terminal.py: what is " + name + "?")
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(args[1], args[1:])
shown, end, at = b"", time.time() + 60, None
while time.time() < end:
    if select.select([fd], [], [], 0.05)[0]:
        try:
            part = os.read(fd, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    if until is not None and at is None and until in shown:
        if then:
            subprocess.run(then, shell=True, check=False)
        at = time.time() + (after or 0)
    if at is not None and after is not None and time.time() >= at:
        os.kill(pid, signal.SIGINT)
        after = None
else:
    os.kill(pid, signal.SIGKILL)
with open(args[0], "wb") as out:
    out.write(shown)
code = os.waitpid(pid, 0)[1]
sys.exit(os.waitstatus_to_exitcode(code) & 255)
