/**
 * The temporary keys of the program that runs: a fault makes them due for renewal at a moment of its
 * own, as no world lasts a day.
 */
import { KeySlot } from "../../src/connection/forward_secrecy/key_slot.ts";

const slots = new Set<KeySlot>();
const { obtain } = KeySlot.prototype;

KeySlot.prototype.obtain = function (...args) {
  slots.add(this);
  return obtain.apply(this, args);
};

/** Forgets the keys of a program that has ended, or crashed. */
export function forgetSlots(): void {
  slots.clear();
}

/** Makes all keys due for renewal. Returns their number. */
export function renewKeys(): number {
  const states = [...slots].flatMap((slot) => slot.state === undefined ? [] : [slot]);
  for (const slot of states) {
    const { state } = slot;
    if (state !== undefined) slot.update({ ...state, renewAt: 0 } as typeof state);
  }
  return states.length;
}
