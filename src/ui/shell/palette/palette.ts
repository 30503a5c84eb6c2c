import type {Binding} from '../../core/binding.js'
import type {Screen, UiState} from '../../core/ui-state.js'
import {bindings, type CommandId, helpOf} from '../keys.js'
import {type ArgumentCommand, argumentCommands, readArgumentCommand} from './palette-arguments.js'

/** Something that the palette can do. */
export interface PaletteEntry {
  /** What is typed for it. */
  readonly name: string
  readonly help: string
  readonly keys: readonly string[]
  /** The row of the key table behind it, a topology to launch, or something that is told what to do it with. */
  readonly does:
    | {readonly command: CommandId; readonly screen: Screen | null}
    | {readonly launch: string}
    | {readonly argument: string; readonly of: ArgumentCommand}
}

/** What moves a mark or scrolls is a key's work, and means nothing in the palette. */
const withoutName = /^(move|scroll|palette)\./

/** Everything that keys do, and each topology by its name; what fits the text best comes first. */
export function paletteEntries(text: string, {session, screen}: Pick<UiState, 'session' | 'screen'>): PaletteEntry[] {
  const told = readArgumentCommand(text)
  if (told !== null && !(session.readonly && told.command.changes)) {
    const {command, argument} = told
    return [{name: text.trim(), help: command.help, keys: [], does: {argument, of: command}}]
  }
  const asking = argumentCommands
    .filter(({changes}) => !(session.readonly && changes))
    .map((command): PaletteEntry => {
      const {name, argument, help} = command
      return {name: `${name} ${argument}`, help, keys: [], does: {argument: '', of: command}}
    })
  const launches = session.topologies.map(({name, summary}): PaletteEntry => {
    return {name: `launch ${name}`, help: summary, keys: [], does: {launch: name}}
  })
  const entries = [...commandEntries(session.readonly, screen), ...asking, ...(session.readonly ? [] : launches)]
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return entries
    .map(entry => ({entry, rank: rankOf(entry, words)}))
    .filter(({rank}) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank)
    .map(({entry}) => entry)
}

function commandEntries(readonly: boolean, current: Screen): PaletteEntry[] {
  const all: readonly (Binding & {readonly id: CommandId})[] = bindings
  return all
    .filter(({id, modes, changes}) => modes.includes('nav') && !withoutName.test(id) && !(readonly && changes === true))
    .map(binding => {
      const {id, keys, screens} = binding
      const screen = screens === undefined || screens.includes(current) ? null : (screens[0] ?? null)
      return {name: wordsOf(id), help: helpOf(binding, readonly), keys, does: {command: id, screen}}
    })
}

/** `load.targetBack` → `load target back` */
function wordsOf(id: CommandId): string {
  return id.replace('.', ' ').replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

/** 0 where the name begins with what was typed; every word must be somewhere in name or help. */
function rankOf({name, help}: PaletteEntry, words: readonly string[]): number {
  const lower = name.toLowerCase()
  const parts = lower.split(' ')
  if (lower.startsWith(words.join(' '))) return 0
  if (words.every(word => parts.some(part => part.startsWith(word)))) return 1
  if (words.every(word => lower.includes(word))) return 2
  return words.every(word => `${lower} ${help.toLowerCase()}`.includes(word)) ? 3 : Number.POSITIVE_INFINITY
}
