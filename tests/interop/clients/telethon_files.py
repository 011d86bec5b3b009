"""Telethon exchanges files, by its own upload and download. See file_exchange.ts."""

import asyncio
import json
import sys

from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import StringSession

TARGET = json.loads(sys.argv[1])


async def main():
    rsa.add_key(TARGET["publicKeyPem"], old=False)
    session = StringSession()
    dc = TARGET["dcs"][0]
    session.set_dc(dc["id"], dc["host"], dc["port"])
    client = TelegramClient(session, TARGET["apiId"], TARGET["apiHash"])
    account = next(one for one in TARGET["accounts"] if not one.get("password"))
    await client.start(phone=account["phone"], code_callback=lambda: account["code"])
    async for message in client.iter_messages("me"):
        caption = message.message or ""
        if caption.startswith("ours "):
            with open(f"{TARGET['folder']}/{caption[5:]}", "wb") as file:
                await client.download_media(message, file)
    for file in TARGET["files"]:
        is_document = file["as"] == "document"
        caption = f"theirs {file['name']}"
        await client.send_file("me", file["path"], caption=caption, force_document=is_document)
    album = TARGET["album"]
    paths = [file["path"] for file in album]
    captions = [f"theirs {file['name']}" for file in album]
    await client.send_file("me", paths, caption=captions)
    await client.disconnect()
    print("[]", flush=True)


asyncio.run(main())
