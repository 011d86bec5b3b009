"""The message box of Telethon, driven as its client drives it, in time by hand.

It takes one order a line, and answers each with lines of its own, the last of which is `{"done":
true}`. See telethon_boxes.ts.
"""

import json
import logging
import sys

from telethon._updates import EntityCache, MessageBox, messagebox
from telethon._updates.session import ChannelState, SessionState
from telethon.extensions import BinaryReader
from telethon.tl import types


FIELDS = (
    ("channel_id", "channelId"),
    ("max_id", "maxId"),
    ("messages", "messages"),
    ("qts", "qts"),
)


class Time:
    """The time of the event loop."""

    def __init__(self):
        self.now = 0.0

    def time(self):
        return self.now


class Boxes:
    """The part of `TelegramClient._update_loop` that decides."""

    def __init__(self, start):
        self.time = Time()
        messagebox.get_running_loop = lambda: self.time
        self.cache = EntityCache()
        self.cache.set_self_user(start["self"], start["isBot"], 0)
        self.see(read(start["known"]))
        self.box = MessageBox(logging.getLogger("telethon"))
        numbers = (start[name] for name in ("pts", "qts", "date", "seq"))
        state = SessionState(0, 0, False, *numbers, None)
        self.box.load(state, [ChannelState(*one) for one in start["channels"]])
        self.process(types.UpdatesTooLong())  # as catch_up() does

    def see(self, answer):
        self.cache.extend(answer.users, answer.chats)

    def process(self, packet):
        got = []
        try:
            users, chats = self.box.process_updates(packet, self.cache, got)
        except messagebox.GapError:
            users, chats = [], []
        self.cache.extend(users, chats)
        hand_on(got)
        self.work()

    def work(self):
        self.box.check_deadlines()
        while True:
            request = self.box.get_difference()
            if request:
                answer = ask(request)
                updates, users, chats = self.box.apply_difference(answer, self.cache)
            else:
                request = self.box.get_channel_difference(self.cache)
                if not request:
                    return
                updates, users, chats = self.box.apply_channel_difference(
                    request, ask(request), self.cache
                )
            self.cache.extend(users, chats)
            hand_on(updates)

    def wait(self, ms):
        for _ in range(0, ms, 50):
            self.time.now += 0.05
            self.work()


def hand_on(updates):
    for update in updates:
        say({"got": named(update)})


def named(update):
    """The fields by which updates are told apart."""
    kind = type(update).__name__
    if kind in ("UpdateShortMessage", "UpdateShortChatMessage"):
        return {"_": "updateNewMessage", "message": {"id": update.id, "message": update.message}}
    fields = {"_": kind[0].lower() + kind[1:]}
    message = getattr(update, "message", None)
    if message is not None:
        fields["message"] = {"id": message.id}
        text = getattr(message, "message", None)
        if text is not None:
            fields["message"]["message"] = text
        channel_id = getattr(message.peer_id, "channel_id", None)
        if channel_id is not None:
            fields["message"]["peerId"] = {"channelId": str(channel_id)}
    for field, name in FIELDS:
        value = getattr(update, field, None)
        if value is not None:
            fields[name] = value
    return fields


def ask(request):
    say({"ask": bytes(request).hex()})
    return read(json.loads(sys.stdin.readline())["answer"])


def read(text):
    with BinaryReader(bytes.fromhex(text)) as reader:
        return reader.tgread_object()


def say(line):
    print(json.dumps(line), flush=True)


BOXES = None
for line in sys.stdin:
    order = json.loads(line)
    if "start" in order:
        BOXES = Boxes(order["start"])
    elif "packet" in order:
        BOXES.process(read(order["packet"]))
    elif "wait" in order:
        BOXES.wait(order["wait"])
    say({"done": True})
