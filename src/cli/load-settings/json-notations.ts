import {methodNames} from '../../engine/data/methods.js'
import {arrivalNames} from '../../engine/plan/plan.js'
import type {SettingName} from './settings.js'

/** How settings are written in a profile file, as JSON schemas for editors. The readers are the ones that decide. */

const text = (pattern: string) => ({type: 'string', pattern})
const weight = {type: 'integer', minimum: 1, maximum: 1_000_000}
const number = '\\d+(\\.\\d+)?'

const count = {anyOf: [{type: 'integer', minimum: 0}, text(`^${number}[km]?$`)]}
const rate = {anyOf: [{type: 'number', minimum: 0}, text(`^${number}[km]?$`)]}
const duration = text(`^${number}(ms|s|m|h)$`)
const flag = {type: 'boolean'}

export const jsonNotations: Readonly<Record<SettingName, object>> = {
  rate,
  arrival: {enum: arrivalNames},
  ramp: text(`^${number}[km]?\\.\\.${number}[km]?/${number}(ms|s|m|h)$`),
  steps: text(`^${number}[km]?(,${number}[km]?)*/${number}(ms|s|m|h)$`),
  pipeline: count,
  conns: count,
  'conn-rate': rate,
  calls: count,
  duration,
  warmup: duration,
  prefill: flag,
  method: {enum: methodNames},
  mix: {
    anyOf: [
      {type: 'object', propertyNames: {enum: methodNames}, additionalProperties: weight, minProperties: 1},
      text('^[a-z]+:\\d+(,[a-z]+:\\d+)*$'),
    ],
  },
  sizes: {anyOf: [{type: 'integer', minimum: 1}, {type: 'string'}]},
  values: {enum: ['zeros', 'random']},
  keys: count,
  'key-dist': text('^(sequential|uniform|(zipf|gaussian)(:\\d*\\.?\\d+)?)$'),
  'hit-ratio': {anyOf: [{type: 'number', minimum: 0, maximum: 1}, text(`^${number}%?$`)]},
  prefix: {anyOf: [text('^[\\x21-\\x7e]*$'), {type: 'number'}]},
  multiget: count,
  ttl: duration,
  noreply: flag,
  verify: flag,
  timeout: duration,
  reconnect: flag,
  failover: flag,
  'connect-timeout': duration,
  retries: count,
  'retry-delay': duration,
  'switch-back': {anyOf: [duration, {const: 'never'}]},
  threads: {anyOf: [count, {const: 'auto'}]},
  seed: count,
}
