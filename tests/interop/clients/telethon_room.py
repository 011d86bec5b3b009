"""Telethon in a room: it receives, answers, and fetches gaps. See room.ts."""

import asyncio
import json
import sys

from telethon import TelegramClient, events
from telethon.crypto import rsa
from telethon.sessions import StringSession

TARGET = json.loads(sys.argv[1])
RECEIVED = []


async def main():
    rsa.add_key(TARGET["publicKeyPem"], old=False)
    session = StringSession()
    [dc] = TARGET["dcs"]
    session.set_dc(dc["id"], dc["host"], dc["port"])
    client = TelegramClient(session, TARGET["apiId"], TARGET["apiHash"])

    @client.on(events.NewMessage(incoming=True))
    async def receive(event):
        text = event.raw_text
        if text == "stop":
            print(json.dumps(RECEIVED), flush=True)
            await client.disconnect()
            return
        RECEIVED.append(text)
        if text.startswith("ping"):
            await event.respond(f"Telethon: {text}")

    account = next(one for one in TARGET["accounts"] if one["phone"] == TARGET.get("phone"))
    await client.start(phone=account["phone"], code_callback=lambda: account["code"])
    print("ready", flush=True)
    await client.run_until_disconnected()


asyncio.run(main())
