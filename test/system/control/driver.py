"""Drives pools as a client in Python does, one session after the other.

It shakes hands with the width of its terminal, then sends one command after the other, and takes
what one read returns for the answer. Each argument is an address, HOST:PORT or unix:PATH. The
commands of their sessions are read from stdin, and transcripts are written, separated by form feeds.
"""

import asyncio
import json
import sys


async def main(address: str, commands: str) -> None:
    host, _, port = address.partition(":")
    if host == "unix":
        reader, writer = await asyncio.open_unix_connection(port)
    else:
        reader, writer = await asyncio.open_connection(host, int(port))
    info = json.dumps({"terminal_width": 80})
    writer.write(info.encode())
    writer.write(b"\n")
    await writer.drain()
    greeting = await reader.readline()
    sys.stdout.write(f"> {info}\n{greeting.decode()}")
    for command in commands.split("\n")[:-1]:
        writer.write(command.encode())
        writer.write(b"\n")
        await writer.drain()
        answer = await reader.read(100 * 1024)
        sys.stdout.write(f"> {command}\n{answer.decode()}")
    writer.close()
    await writer.wait_closed()


for n, (address, commands) in enumerate(zip(sys.argv[1:], sys.stdin.read().split("\f"))):
    sys.stdout.write("\f" if n > 0 else "")
    asyncio.run(main(address, commands))
