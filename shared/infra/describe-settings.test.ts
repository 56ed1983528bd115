import { expect, test } from "bun:test";
import { describeSettings } from "./describe-settings.ts";

test("settings are told with where they come from", () => {
  const told = describeSettings(["TESSERA_PORT", "TESSERA_HOST", "TESSERA_PUBLIC_URL"], {
    TESSERA_PORT: "9000",
    TESSERA_PUBLIC_URL: "",
  });
  expect(told).toMatchObject([
    { name: "TESSERA_PORT", value: "9000", source: "environment", secret: false },
    { name: "TESSERA_HOST", value: "127.0.0.1", source: "default" },
    { name: "TESSERA_PUBLIC_URL", value: null, source: "unset" },
  ]);
});

test("secrets are not told, nor logins inside of addresses", () => {
  const secret = "hunter2-hunter2";
  const told = describeSettings(
    ["TESSERA_CLUSTER_SECRET", "TESSERA_SMTP_URL", "TESSERA_PUBLIC_URL", "TESSERA_JWT_KEYS_URL"],
    {
      TESSERA_CLUSTER_SECRET: secret,
      TESSERA_SMTP_URL: `smtp://me:${secret}@mail.example.com`,
      TESSERA_PUBLIC_URL: `https://me:${secret}@play.example.com/a@b`,
      TESSERA_JWT_KEYS_URL: `https://keys.example.com/jwks?key=${secret}`,
    },
  );
  expect(JSON.stringify(told)).not.toContain(secret);
  expect(told.map(({ value }) => value)).toEqual([
    null,
    null,
    "https://(hidden)@play.example.com/a@b",
    "https://keys.example.com/jwks?(hidden)",
  ]);
  expect(told[0]).toMatchObject({ source: "environment", secret: true });
});
