// biome-ignore-all lint/performance/noBarrelFile: the one door to Ink

/**
 * All that repbench takes from Ink; no other module imports Ink. `npm run build` replaces what tsc makes of this file by
 * a bundle of Ink (scripts/bundle-ink.ts, docs/ui.md). Where it is not built, as in unit tests, Ink comes as it is:
 * slower to load, else the same.
 */
export type {AppProps, DOMElement, Key} from 'ink'
export {Box, measureElement, render, Text, Transform, useApp, useInput, usePaste, useWindowSize} from 'ink'
export {Table} from 'ink-table'
