import {InvalidArgumentError} from 'commander'

const factors = {'': 1, k: 1000, m: 1_000_000} as const

/** `50000`, `50k`, `1.5m` per second. */
export function readRate(text: string): number {
  return readPerSecond({text, max: '10m'})
}

export function readConnectionRate(text: string): number {
  return readPerSecond({text, max: '1m'})
}

function readPerSecond({text, max}: {text: string; max: '1m' | '10m'}): number {
  const rate = parseCount(text)
  if (rate === null || rate > parseCount(max)!) {
    throw new InvalidArgumentError(`Expected a rate per second from 0 to ${max}, such as 500 or 50k, got '${text}'`)
  }
  return rate
}

/** A number that may end in k (thousand) or m (million); null for any other text. */
export function parseCount(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/.exec(text)
  return match === null ? null : Number(match[1]) * factors[match[2] as keyof typeof factors]
}
