import {homedir} from 'node:os'

/** A path as a shell understands it, and short enough for a small window. */
export function tildePath(path: string): string {
  const home = `${homedir()}/`
  return path.startsWith(home) ? `~/${path.slice(home.length)}` : path
}
