"""Telethon signs in over HTTP, hears of a message, and answers. See http.test.ts."""

import asyncio
import json
import sys

from telethon import TelegramClient, events
from telethon.crypto import rsa
from telethon.network import ConnectionHttp
from telethon.sessions import StringSession

TARGET = json.loads(sys.argv[1])


class Codec(ConnectionHttp.packet_codec):
    """Telethon 1.45 compares a number with bytes here, and so refuses every answer."""

    async def read_packet(self, reader):
        while True:
            line = await reader.readline()
            if not line.endswith(b"\n"):
                raise asyncio.IncompleteReadError(line, None)
            if line.lower().startswith(b"content-length: "):
                await reader.readexactly(2)
                return await reader.readexactly(int(line[16:-2]))


class Connection(ConnectionHttp):
    packet_codec = Codec


async def main():
    rsa.add_key(TARGET["publicKeyPem"], old=False)
    session = StringSession()
    [dc] = TARGET["dcs"]
    session.set_dc(dc["id"], dc["host"], dc["port"])
    client = TelegramClient(session, TARGET["apiId"], TARGET["apiHash"], connection=Connection)

    @client.on(events.NewMessage(incoming=True))
    async def receive(event):
        await event.respond(f"Telethon: {event.raw_text}")
        if event.raw_text == "stop":
            await client.disconnect()

    [account] = TARGET["accounts"]
    await client.start(phone=account["phone"], code_callback=lambda: account["code"])
    sent = await client.send_message("me", "over HTTP")
    print(json.dumps(sent.message), flush=True)
    await client.run_until_disconnected()


asyncio.run(main())
