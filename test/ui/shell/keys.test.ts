import {describe, expect, it} from 'vitest'
import {type Binding, modes} from '../../../src/ui/core/binding.js'
import {screens} from '../../../src/ui/core/ui-state.js'
import {commands} from '../../../src/ui/shell/commands.js'
import {keysMarkdown} from '../../../src/ui/shell/help/keys-document.js'
import {bindings, bindingsFor, commandFor} from '../../../src/ui/shell/keys.js'

const places = modes.flatMap(mode => screens.map(screen => ({mode, screen})))

describe('key table', () => {
  it.each(places)('gives each key one meaning: $mode on $screen', place => {
    const chords = bindingsFor(place).flatMap(({keys}) => keys)
    expect(chords).toEqual([...new Set(chords)])
  })

  it('gives each command one row, and each row a command', () => {
    const ids = bindings.map(({id}) => id)
    expect(ids).toEqual([...new Set(ids)])
    expect(ids.toSorted()).toEqual(Object.keys(commands).toSorted())
  })

  it('marks with dots exactly what asks before it destroys', () => {
    const dotted = (bindings as readonly Binding[]).filter(({label}) => label?.endsWith('…')).map(({id}) => id)
    expect(dotted).toEqual(['node.kill', 'node.terminate', 'drill.abort', 'report.delete'])
  })

  it('types letters in the console that are commands elsewhere', () => {
    expect(commandFor('q', {mode: 'nav', screen: 'console'})).toBe('app.quit')
    expect(commandFor('q', {mode: 'insert', screen: 'console'})).toBeUndefined()
  })

  it('is what docs/keys.md says (vitest -u writes it anew)', async () => {
    await expect(keysMarkdown()).toMatchFileSnapshot('../../../docs/keys.md')
  })
})
