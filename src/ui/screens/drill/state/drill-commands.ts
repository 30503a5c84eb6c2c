import {type Step, step} from '../../../core/effect.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {bodyArea, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES} from '../../../draw/pane.js'
import {ask} from '../../../overlays/dialog.js'
import {showForm} from '../../../overlays/form-overlay.js'
import {type FormState, openForm} from '../../../overlays/form-state.js'
import {damagedFilePage, scrollPage} from '../../../overlays/page.js'
import {showPage} from '../../../overlays/page-overlay.js'
import {drillFormOn, ownValues, runningPair} from './drill-form.js'
import {drillLayout} from './drill-layout.js'
import {type DrillState, isDrilling, startedDrill} from './drill-state.js'

export const drillCommands = {
  'drill.enter': enter,
  'drill.edit': edit,
  'drill.abort': askToAbort,
  'drill.history': toggleHistory,
}

/** The screen comes into sight: what it lists is read. */
export function openDrills(state: UiState): Step<UiState> {
  const shown: UiState = {...state, screen: 'drill'}
  return step(shown, ...(state.drill.drills === null ? [{type: 'drill', request: {type: 'list'}} as const] : []), {
    type: 'drill',
    request: {type: 'past'},
  })
}

/** Starts the chosen drill, or opens the chosen report. */
function enter(state: UiState): Step<UiState> {
  const {drill} = state
  if (drill.view === 'history') return openPast(state)
  if (isDrilling(drill)) {
    return drill.view === 'run' ? step(state) : step(withDrill(state, {view: 'run'}))
  }
  // A report in sight is left first: enter pressed once too often must not start the next drill.
  if (drill.view === 'run') return step(withDrill(state, {view: 'list'}))
  return startDrill(state, drill.drills?.[drill.chosen]?.name)
}

/** Starts a drill as its form says, unless something is in the way. */
function startDrill(state: UiState, name: string | undefined): Step<UiState> {
  if (name === undefined) return step(state)
  if (state.session.readonly) return refuse(state, '--readonly: no drill is run')
  if (isDrilling(state.drill)) return refuse(state, 'A drill is running: a aborts it')
  if (state.busy !== null && state.busy.screen !== 'drill') return refuse(state, state.busy.refusal)
  const formValues = state.drill.formValues[name] ?? {}
  const given = ownValues(formValues, state)
  if (given === null) return refuse(state, 'Its pair is gone: e chooses another')
  return step(
    {...state, drill: startedDrill(state.drill, name, runningPair(formValues))},
    {type: 'drill', request: {type: 'start', drill: name, given}},
  )
}

/** Opens the form of the chosen drill, or of the one whose outcome is in sight. */
function edit(state: UiState): Step<UiState> {
  const {view, run, drills, chosen, formValues} = state.drill
  if (view === 'history') return refuse(state, 'esc first: this works in the list of drills')
  const drill = view === 'run' ? drills?.find(({name}) => name === run?.drill) : drills?.[chosen]
  if (drill === undefined) return step(state)
  if (isDrilling(state.drill)) return refuse(state, 'The drill is running: its options cannot be changed; a aborts it')
  const form = openForm(drillFormOn(drill, state), formValues[drill.name] ?? {})
  const {name} = drill
  return step(
    showForm(state, form, {
      accept: (next, accepted) => startDrill(keepForm(next, accepted, name), name),
      keep: (next, kept) => step(keepForm(next, kept, name)),
    }),
  )
}

/** Keeps what was changed for the next time. */
function keepForm(state: UiState, {given}: FormState, drill: string): UiState {
  return {...withDrill(state, {formValues: {...state.drill.formValues, [drill]: given}}), overlay: null}
}

function openPast(state: UiState): Step<UiState> {
  const {past, chosenPast, page} = state.drill
  const chosen = past?.[chosenPast]
  if (chosen === undefined || page !== null) return step(state)
  const title = `${chosen.drill} ${chosen.startedAt.slice(0, 19).replace('T', ' ')}`
  const {flaw, path} = chosen
  if (flaw !== null) return step(showPage(state, damagedFilePage({title, flaw, path})))
  return step(state, {type: 'drill', request: {type: 'open', path: chosen.path, title}})
}

function askToAbort(state: UiState): Step<UiState> {
  const {run} = state.drill
  if (run === null || !isDrilling(state.drill)) return refuse(state, 'No drill is running')
  return step(
    ask(state, {
      title: `Abort ${run.drill}?`,
      body: ['Its load and its pair are stopped; the verdict is unknown.'],
      yesLabel: 'abort',
      effects: [{type: 'drill', request: {type: 'stop'}}],
    }),
  )
}

function toggleHistory(state: UiState): Step<UiState> {
  const {view, run} = state.drill
  if (view === 'history') return step(withDrill(state, {view: run === null ? 'list' : 'run', page: null}))
  return step(withDrill(state, {view: 'history', page: null}), {type: 'drill', request: {type: 'past'}})
}

/** One level back; null where that is another screen. */
export function backInDrill(state: UiState): UiState | null {
  const {page, view} = state.drill
  if (page !== null) return withDrill(state, {page: null})
  return view === 'list' ? null : withDrill(state, {view: 'list'})
}

/** Another drill, another line of the history, or the next line of a report. */
export function moveDrill(state: UiState, by: number): UiState {
  const {view, page, drills, past, chosen, chosenPast} = state.drill
  if (view === 'run' || page !== null) return scrollDrill(state, () => by)
  if (view === 'list') return withDrill(state, {chosen: within(chosen + by, drills?.length ?? 0)})
  return withDrill(state, {chosenPast: within(chosenPast + by, past?.length ?? 0)})
}

/** Scrolls the report in sight, or goes through the list in sight. */
export function scrollDrill(state: UiState, linesOf: (height: number) => number): UiState {
  const {drill, size} = state
  const {width, height} = bodyArea(size)
  if (drill.page !== null) {
    const area = {width: width - PANE_SIDES, height: innerRows(height)}
    return withDrill(state, {page: scrollPage(drill.page, linesOf(area.height), area)})
  }
  if (drill.view !== 'run') {
    const by = linesOf(innerRows(height))
    return moveDrill(state, by)
  }
  const {run} = drill
  if (run === null || run.page === null) return state
  const area = {width: width - PANE_SIDES, height: innerRows(drillLayout(size, run).reportRows)}
  return withDrill(state, {run: {...run, page: scrollPage(run.page, linesOf(area.height), area)}})
}

function within(index: number, count: number): number {
  return Math.min(Math.max(0, index), Math.max(0, count - 1))
}

function withDrill(state: UiState, change: Partial<DrillState>): UiState {
  return {...state, drill: {...state.drill, ...change}}
}
