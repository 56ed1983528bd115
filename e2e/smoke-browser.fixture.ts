/** For a page: the answer is what the page shows. */
import { smoke } from "./smoke-client.fixture.ts";

try {
  document.title = JSON.stringify(await smoke(location.origin));
} catch (error) {
  document.title = String(error);
}
