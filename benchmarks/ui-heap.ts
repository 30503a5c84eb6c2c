import {spawn} from 'node:child_process'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import type {UiFigure} from './ui-session.ts'

const PICTURES = 20_000
const TARGET_BYTES = 3 * 1024 * 1024

interface HeapSample {
  readonly pictures: number
  readonly heapBytes: number
}

/** The heap after an hour at five pictures a second, against that after the first minutes. */
export async function measureHeap(): Promise<UiFigure[]> {
  const script = fileURLToPath(new URL('ui-heap-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, String(PICTURES)], {
    env: {...process.env, NODE_ENV: 'production'},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const samples: readonly HeapSample[] = JSON.parse(await text(child.stdout))
  const first = samples[0]!
  const last = samples.at(-1)!
  const grown = last.heapBytes - first.heapBytes
  const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(2)
  return [
    {
      what: `heap after ${last.pictures.toLocaleString('en-US')} pictures (${megabytes(last.heapBytes)} MB) less that after ${first.pictures.toLocaleString('en-US')} (${megabytes(first.heapBytes)} MB)`,
      got: `${grown >= 0 ? '+' : '−'}${megabytes(Math.abs(grown))} MB`,
      target: `< ${megabytes(TARGET_BYTES)} MB`,
      kept: grown < TARGET_BYTES,
      samples: samples.map(({heapBytes}) => heapBytes),
    },
  ]
}
