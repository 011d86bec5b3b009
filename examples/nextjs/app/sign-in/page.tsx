"use client";
import { useActionState } from "react";
import { takeStep } from "./actions.ts";

const FIELDS = {
  phone: { label: "Phone number", type: "tel", autoComplete: "tel" },
  code: { label: "Code", type: "text", autoComplete: "one-time-code" },
  password: { label: "Password", type: "password", autoComplete: "current-password" },
} as const;

export default function SignIn() {
  const [state, action, isBusy] = useActionState(takeStep, { step: "phone" });
  if (state.step === "done") return <p>{state.text}</p>;
  const { label, ...field } = FIELDS[state.step];
  return (
    <form action={action}>
      <label>
        {label} <input key={state.step} name={state.step} required {...field} />
      </label>
      <button disabled={isBusy}>Next</button>
      <p role="status">{state.text}</p>
    </form>
  );
}
