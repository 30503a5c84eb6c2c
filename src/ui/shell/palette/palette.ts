import {helpOf} from '../../core/binding.js'
import type {Step} from '../../core/effect.js'
import type {ScreenId} from '../../core/part-types.js'
import type {PaletteCommand} from '../../core/screen.js'
import type {UiState} from '../../core/ui-state.js'
import {navRows} from '../commands/nav-rows.js'
import {type Row, runRow} from '../commands/rows.js'
import {screens} from '../commands/screens.js'

type Session = UiState['session']

/** Something that the palette can do. */
export interface PaletteEntry {
  /** What is typed for it. */
  readonly name: string
  readonly help: string
  readonly keys: readonly string[]
  /** The text that it is completed to. */
  readonly completed: string
  /** Does it; null: its argument is still to be typed. */
  readonly take: ((state: UiState) => Step<UiState>) | null
}

/** What moves a mark or scrolls is a key's work, and means nothing in the palette. */
const withoutName = /^(move|scroll|palette)\./

/** Everything that keys do, and what the screens offer besides; what fits the text best comes first. */
export function paletteEntries(text: string, {session, screen}: Pick<UiState, 'session' | 'screen'>): PaletteEntry[] {
  const commands = commandsOf(session)
  const told = readArgument(text, commands)
  if (told !== null) return [told]
  const entries = [...keyEntries(session.readonly, screen), ...commands.map(commandEntry)]
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return entries
    .map(entry => ({entry, rank: rankOf(entry, words)}))
    .filter(({rank}) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank)
    .map(({entry}) => entry)
}

/** What the screens offer besides their keys; those that want an argument come first. */
function commandsOf(session: Session): readonly PaletteCommand[] {
  const all = screens
    .flatMap(({paletteCommands = []}) =>
      typeof paletteCommands === 'function' ? paletteCommands(session) : paletteCommands,
    )
    .filter(({changes}) => !(session.readonly && changes === true))
  const wantsArgument = ({argument}: PaletteCommand) => argument !== undefined
  return [...all.filter(wantsArgument), ...all.filter(command => !wantsArgument(command))]
}

/** `attach 127.0.0.1:11211`: a command, and what stands behind it. */
function readArgument(text: string, commands: readonly PaletteCommand[]): PaletteEntry | null {
  const [, name, argument] = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(text) ?? []
  const command = commands.find(each => each.argument !== undefined && each.name === name)
  if (command === undefined || argument === undefined) return null
  return {
    name: text.trim(),
    help: command.help,
    keys: [],
    completed: `${command.name} ${argument}`,
    take: state => command.take(state, argument),
  }
}

function commandEntry({name, help, argument, take}: PaletteCommand): PaletteEntry {
  if (argument === undefined) return {name, help, keys: [], completed: name, take: state => take(state, '')}
  return {name: `${name} ${argument}`, help, keys: [], completed: `${name} `, take: null}
}

function keyEntries(readonly: boolean, current: ScreenId): PaletteEntry[] {
  return navRows
    .filter(({id, modes, changes}) => modes.includes('nav') && !withoutName.test(id) && !(readonly && changes === true))
    .map(row => keyEntry(row, readonly, current))
}

function keyEntry(row: Row, readonly: boolean, current: ScreenId): PaletteEntry {
  const {id, keys, screens: on} = row
  const screen = on === undefined || on.includes(current) ? current : (on[0] ?? current)
  const name = wordsOf(id)
  return {name, help: helpOf(row, readonly), keys, completed: name, take: state => runRow({...state, screen}, row)}
}

/** `load.targetBack` → `load target back` */
function wordsOf(id: string): string {
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
