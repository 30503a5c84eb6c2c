import {readFileSync} from 'node:fs'

/** Pairs of what a client sends and what the server answers, bytes as latin1. */
export function recordedExchanges(name: string): readonly (readonly [input: string, output: string])[] {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'))
}
