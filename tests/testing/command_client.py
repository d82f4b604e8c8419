"""Asks a command server to run a script here: `python -I -S command_client.py SOCKET SCRIPT ARGUMENT...`.

Gives it the own streams, folder and environment, and ends as the command ends. Only what Python has loaded anyway is
imported: this is all that a command costs beside its own work.
"""

import json
import os
import signal
import socket
import sys

address, *words = sys.argv[1:]
connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
connection.connect(address)
request = {"words": words, "cwd": os.getcwd(), "env": dict(os.environ)}  # noqa: PTH109 - pathlib costs 10 ms
sent = json.dumps(request).encode()
first = socket.send_fds(connection, [sent[:1]], [0, 1, 2])
connection.sendall(sent[first:])
connection.shutdown(socket.SHUT_WR)
code = int(connection.recv(16) or b"70")
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
