/** Whether a command line asks what it may say; the answer goes to stdout, with exit code 0. */
export function asksForHelp(words: readonly string[]): boolean {
  return words.includes("--help") || words.includes("-h");
}
