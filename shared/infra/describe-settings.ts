import type { DescribedSetting } from "#shared/model/configuration.ts";
import { type Environment, type SettingName, settingCatalogue } from "./settings.ts";

/** What the named settings are, for people: of secrets only whether there is one. */
export function describeSettings(
  names: readonly SettingName[],
  environment: Environment,
): readonly DescribedSetting[] {
  return names.map((name) => {
    const { description, secret, default: fallback } = settingCatalogue[name];
    const given = environment[name] || undefined;
    const source =
      given !== undefined ? "environment" : fallback !== undefined ? "default" : "unset";
    const value = given ?? fallback ?? null;
    return { name, description, value: secret ? null : hideLogin(value), source, secret };
  });
}

/** An address may carry a user and a password, or a token as its query. */
function hideLogin(value: string | null): string | null {
  return (
    value?.replace(/:\/\/[^/?#\s,]*@/g, "://(hidden)@").replace(/\?[^\s,]*/g, "?(hidden)") ?? null
  );
}
