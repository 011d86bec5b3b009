"""
Telethon (PyPI, 1.45) signs in through an MTProxy: its connections for one are classic and dd. It
has none for fake TLS.
"""

import asyncio
import json
import sys

from telethon import TelegramClient, connection
from telethon.crypto import rsa
from telethon.sessions import StringSession
from telethon.tl.alltlobjects import LAYER

TARGET = json.loads(sys.argv[1])
PROXY = TARGET["mtproxy"]
# Telethon wants the digits without the dd.
IS_PADDED = len(PROXY["secret"]) == 34
CONNECTIONS = (
    [connection.ConnectionTcpMTProxyRandomizedIntermediate]
    if IS_PADDED
    else [
        connection.ConnectionTcpMTProxyIntermediate,
        connection.ConnectionTcpMTProxyAbridged,
    ]
)


def open_client(session, how):
    [dc] = TARGET["dcs"]
    if not session.auth_key:
        session.set_dc(dc["id"], dc["host"], dc["port"])
    proxy = (PROXY["host"], PROXY["port"], PROXY["secret"][-32:])
    return TelegramClient(
        session, TARGET["apiId"], TARGET["apiHash"], connection=how, proxy=proxy
    )


async def sign_in(how):
    client = open_client(StringSession(), how)
    account = next(one for one in TARGET["accounts"] if "password" not in one)
    await client.start(phone=account["phone"], code_callback=lambda: account["code"])
    me = await client.get_me()
    await client.send_message("me", "Hello from Telethon!")
    history = [message.raw_text async for message in client.iter_messages("me", limit=1)]
    saved = client.session.save()
    await client.disconnect()

    again = open_client(StringSession(saved), how)
    await again.connect()
    restored = await again.get_me()
    await again.disconnect()
    return {
        "flow": "code",
        "transport": how.__name__,
        "layer": LAYER,
        "id": str(me.id),
        "isBot": me.bot,
        "history": history,
        "restoredId": str(restored.id),
    }


async def main():
    rsa.add_key(TARGET["publicKeyPem"], old=False)
    print(json.dumps([await sign_in(how) for how in CONNECTIONS]))


asyncio.run(main())
