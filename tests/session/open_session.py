"""Opens sessions as Telethon, Pyrogram, Kurigram or Hydrogram does, and says what they find. Usage: open_session.py LIBRARY FILE STRING"""

import asyncio
import json
import pathlib
import sys

library, path, text = sys.argv[1:]
file = pathlib.Path(path)


def telethon():
    from telethon.sessions import SQLiteSession, StringSession

    stored = SQLiteSession(path)
    peer = stored.get_input_entity("telegram")
    channel = stored.get_input_entity(-1001234567890)
    for session in (stored, StringSession(text)):
        yield {
            "dc": session.dc_id,
            "address": f"{session.server_address}:{session.port}",
            "key": session.auth_key.key.hex(),
        }
    yield {"peers": [[peer.user_id, str(peer.access_hash)], [channel.channel_id, str(channel.access_hash)]]}
    stored.close()


async def pyrogram():
    if library == "hydrogram":
        from hydrogram.storage.sqlite_storage import SQLiteStorage

        stores = [SQLiteStorage(file.stem, file.parent), SQLiteStorage("string", session_string=text, use_memory=True)]
    elif library == "kurigram":
        from pyrogram.storage import SQLiteStorage

        stores = [
            SQLiteStorage(file.stem, file.parent),
            SQLiteStorage("string", file.parent, session_string=text, in_memory=True),
        ]
    else:
        from pyrogram.storage import FileStorage, MemoryStorage

        stores = [FileStorage(file.stem, file.parent), MemoryStorage("string", text)]
    found = []
    for store in stores:
        await store.open()
        found.append({
            "dc": await store.dc_id(),
            "key": (await store.auth_key()).hex(),
            "apiId": await store.api_id(),
            "user": await store.user_id(),
            "isBot": bool(await store.is_bot()),
            "testMode": bool(await store.test_mode()),
        })
    peer = await stores[0].get_peer_by_phone_number("42777")
    channel = await stores[0].get_peer_by_id(-1001234567890)
    found.append({
        "peers": [[peer.user_id, str(peer.access_hash)], [channel.channel_id, str(channel.access_hash)]]
    })
    for store in stores:
        await store.close()
    return found


print(json.dumps(list(telethon()) if library == "telethon" else asyncio.run(pyrogram())))
