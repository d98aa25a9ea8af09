#!/usr/bin/env python3
"""press_tab.py FOLDER SETUP SHELL...: the fingers of a test. Starts an interactive shell in FOLDER, at
a terminal of its own, runs SETUP there, types each line of standard input, presses Tab, and prints
the words that the line then has. SETUP makes a function of the program's name that prints them:
<words>WORD WORD <end>."""
import os
import pty
import re
import select
import sys
import time

END_OF_LINE = b"\x05"
MARK = "~~~"    # a last word, so that what Tab put there is over
folder, setup, shell = sys.argv[1], sys.argv[2], sys.argv[3:]


def read_until(text, seconds):
    got, end = "", time.monotonic() + seconds
    while text not in got and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                got += os.read(fd, 65536).decode("utf-8", "replace")
            except OSError:
                break
    return got


pid, fd = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.environ.update(TERM="dumb", PS1="", LC_ALL="C", COLUMNS="400", INPUTRC="/dev/null")
    os.execvp(shell[0], shell)
os.write(fd, (setup + "; echo rea''dy\n").encode())
read_until("ready\r\n", 20)
for line in sys.stdin.read().splitlines():
    os.write(fd, line.encode() + b"\t")
    time.sleep(0.1)
    os.write(fd, END_OF_LINE + (" " + MARK + "\n").encode())
    words = re.search("<words>(.*?)<end>", read_until("<end>\r\n", 8), re.S)
    print(" ".join(words.group(1).replace(MARK, "").split()) if words else "?")
os.write(fd, b"exit\n")
read_until("\0", 0.2)
os.close(fd)
os.waitpid(pid, 0)
