/** The table of contents of the API. */
import { adminRouter } from "./domains/admin/router.ts";
import { auditRouter } from "./domains/audit/router.ts";
import { authRouter } from "./domains/auth/router.ts";
import { chatRouter } from "./domains/chat/router.ts";
import { eventsRouter } from "./domains/events/router.ts";
import { groupsRouter } from "./domains/groups/router.ts";
import { leaderboardsRouter } from "./domains/leaderboards/router.ts";
import { leasesRouter } from "./domains/leases/router.ts";
import { playersRouter } from "./domains/players/router.ts";
import { positionsRouter } from "./domains/positions/router.ts";
import { presenceRouter } from "./domains/presence/router.ts";
import { shardsRouter } from "./domains/shards/router.ts";
import { storageRouter } from "./domains/storage/router.ts";
import { usersRouter } from "./domains/users/router.ts";
import { webhooksRouter } from "./domains/webhooks/router.ts";
import { worldsRouter } from "./domains/worlds/router.ts";
import { router } from "./trpc.ts";

/** The whole API: one line for each domain. */
export const appRouter = router({
  admin: adminRouter,
  audit: auditRouter,
  auth: authRouter,
  chat: chatRouter,
  events: eventsRouter,
  groups: groupsRouter,
  leaderboards: leaderboardsRouter,
  leases: leasesRouter,
  players: playersRouter,
  positions: positionsRouter,
  presence: presenceRouter,
  storage: storageRouter,
  shards: shardsRouter,
  users: usersRouter,
  webhooks: webhooksRouter,
  worlds: worldsRouter,
});

/** What clients are typed by. */
export type AppRouter = typeof appRouter;
