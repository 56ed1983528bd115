/** Settings as they are shown to people. */
import { z } from "zod";

/** One setting of a running process; what is secret is not in it. */
export const DescribedSetting = z
  .object({
    name: z.string().meta({ examples: ["TESSERA_PORT"] }),
    description: z.string(),
    value: z.string().nullable().meta({ description: "Null when not set, or hidden" }),
    source: z.enum(["environment", "default", "unset"]),
    secret: z.boolean().meta({ description: "Its value is never shown" }),
  })
  .meta({ id: "DescribedSetting" });
export type DescribedSetting = z.infer<typeof DescribedSetting>;

/** Answer of admin.configuration. */
export const Configuration = z.object({ settings: z.array(DescribedSetting) });
export type Configuration = z.infer<typeof Configuration>;
