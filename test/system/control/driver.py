"""Drives a pool as a client in Python does.

It shakes hands with the width of its terminal, then sends one command after the other, and takes
what one read returns for the answer. Commands are read from stdin; a transcript is written.
"""

import asyncio
import json
import sys


async def main(host: str, port: str) -> None:
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
    for line in sys.stdin:
        command = line.rstrip("\n")
        writer.write(command.encode())
        writer.write(b"\n")
        await writer.drain()
        answer = await reader.read(100 * 1024)
        sys.stdout.write(f"> {command}\n{answer.decode()}")
    writer.close()
    await writer.wait_closed()


asyncio.run(main(sys.argv[1], sys.argv[2]))
