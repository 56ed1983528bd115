/** The table of contents of the API. */
import { authRouter } from "./domains/auth/router.ts";
import { playersRouter } from "./domains/players/router.ts";
import { worldsRouter } from "./domains/worlds/router.ts";
import { router } from "./trpc.ts";

/** The whole API: one line for each domain. */
export const appRouter = router({
  auth: authRouter,
  players: playersRouter,
  worlds: worldsRouter,
});

/** What clients are typed by. */
export type AppRouter = typeof appRouter;
