import {availableParallelism} from 'node:os'
import {stringify} from 'yaml'
import type {LoadPlan} from '../../../engine/plan/plan.js'
import {profiles} from '../../../engine/plan/profiles/registry.js'
import type {CliContext} from '../../app/context.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {describeSettings} from '../../load-settings/describe-settings.js'
import {findProfile} from '../../profiles/find-profile.js'

const LINE_WIDTH = 100

interface ProfilesOptions {
  readonly name: string | undefined
  readonly json?: true
}

/** `repbench profiles`. */
export async function runProfilesCommand({name, json}: ProfilesOptions, {stdout}: CliContext): Promise<ExitCode> {
  const plans =
    name === undefined ? profiles.map(({plan}) => plan) : [await findProfile(name, {cpuCount: availableParallelism()})]
  if (json) stdout.write(formatJson({schema: 'repbench.profiles/1', profiles: plans.map(describeProfile)}))
  else stdout.write(name === undefined ? listProfiles() : explainProfile(plans[0]!))
  return exitCodes.pass
}

function describeProfile(plan: LoadPlan): object {
  const {summary = null, about = null} = findTexts(plan)
  return {name: plan.name, summary, about, settings: Object.fromEntries(describeSettings(plan)), plan}
}

function listProfiles(): string {
  const width = Math.max(...profiles.map(({plan}) => plan.name.length))
  return profiles.map(({plan, summary}) => `${plan.name.padEnd(width)}  ${summary}\n`).join('')
}

/** A profile file with its explanation as comments. What it leaves out is as in the profile it is of. */
function explainProfile(plan: LoadPlan): string {
  const {summary, about} = findTexts(plan)
  const paragraphs = [summary, about].filter(text => text !== undefined).map(text => wrap(text, LINE_WIDTH))
  const comments = paragraphs.map(lines => lines.map(line => `# ${line}\n`).join('')).join('#\n')
  const head = summary === undefined ? {name: plan.name} : {extends: plan.name}
  const settings = describeSettings(plan).map(([name, value]) => [name, plainNumber(value)])
  return `${comments}${stringify({...head, ...Object.fromEntries(settings)})}`
}

/** Needs no quotes in YAML. */
function plainNumber<Value>(value: Value): Value | number {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

/** Of a ready-made profile; a file has told its reader already. */
function findTexts(plan: LoadPlan): {summary?: string; about?: string} {
  return profiles.find(profile => profile.plan === plan) ?? {}
}

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
