import {describe, expect, it} from 'vitest'
import {
  judgeLink,
  type LinkClaim,
  type NodeEvidence,
  type PairEvidence,
} from '../../../src/server/node-api/link-verdict.js'

const now = 100_000

function node(name: string, evidence: Partial<NodeEvidence> = {}): NodeEvidence {
  return {name, answeredAtMs: now, silentAtMs: null, claim: null, replicates: true, ...evidence}
}

function says(link: LinkClaim, atMs = now - 5000): Pick<NodeEvidence, 'claim'> {
  return {claim: {link, source: 'log', atMs}}
}

const silent = {answeredAtMs: now - 9000, silentAtMs: now - 1}
const untried = {crossedAtMs: null, missing: null, problem: null}
const crossed = {...untried, crossedAtMs: now - 10}
const missing = (forMs: number) => ({
  ...untried,
  crossedAtMs: now - 20_000,
  missing: {sinceMs: now - forMs, untilMs: now},
})

/** Probe writes are tried where there is evidence of them. */
function judge(first: Partial<NodeEvidence>, second: Partial<NodeEvidence>, probes?: PairEvidence['probes']) {
  const nodes = [node('m1', first), node('s1', second)] as const
  return judgeLink({nodes, probes: probes ?? [untried, untried], probing: probes !== undefined})
}

describe('two nodes that answer', () => {
  it('are paired when writes cross both ways', () => {
    expect(judge({}, {}, [crossed, crossed])).toEqual({verdict: 'paired', why: 'writes cross both ways', proven: true})
  })

  it('are paired by their claims when nothing is tried, which says so', () => {
    expect(judge(says('paired'), says('paired'))).toEqual({
      verdict: 'paired',
      why: 'm1 is linked (by its log); s1 is linked (by its log); only that says so: no probe writes',
      proven: false,
    })
  })

  it('are linked, not proven, when writes are tried and none has been seen to cross', () => {
    const noEvidence: (readonly [PairEvidence['probes'], string])[] = [
      [[untried, untried], 'no probe write has been seen to cross both ways'],
      [[crossed, untried], 'no probe write has been seen to cross both ways'],
      [[crossed, {...untried, crossedAtMs: now - 3100}], 'no probe write has been seen to cross both ways'],
      [[{...untried, problem: 'a refused connection'}, untried], 'the probe write failed: a refused connection'],
    ]
    for (const [probes, doubt] of noEvidence) {
      const verdict = judge(says('paired'), says('paired'), probes)
      expect(verdict).toMatchObject({verdict: 'unknown', proven: false})
      expect(verdict!.why).toMatch(/^linked, not proven: m1 is linked \(by its log\); s1 is linked/)
      expect(verdict!.why).toContain(`but ${doubt}`)
    }
    const lately = {...untried, crossedAtMs: now - 2900}
    expect(judge(says('paired'), says('paired'), [crossed, lately])).toMatchObject({verdict: 'paired', proven: true})
  })

  it('have the budget that they are given', () => {
    const nodes = [node('m1'), node('s1')] as const
    const probes = [crossed, missing(1500)] as const
    expect(judgeLink({nodes, probes, probing: true}, {lagBudgetMs: 2000})).toBeNull()
    expect(judgeLink({nodes, probes, probing: true}, {lagBudgetMs: 1500})?.verdict).toBe('unpaired-but-serving')
  })

  it.each(['listening', 'orphaned', 'apart'] as const)('go separate ways when one says it is %s', link => {
    expect(judge(says(link), says('paired'))).toMatchObject({verdict: 'unpaired-but-serving'})
    expect(judge({}, says(link), [crossed, crossed])?.verdict).toBe('paired')
    const afterwards = says(link, now - 5)
    expect(judge({answeredAtMs: now}, afterwards, [crossed, crossed])?.verdict).toBe('unpaired-but-serving')
  })

  it('are not judged before both have answered after the bad news: one may just have died', () => {
    expect(judge(says('listening', now), says('paired'))).toBeNull()
    expect(judge({...says('listening', now), answeredAtMs: now + 1}, {})).toBeNull()
    expect(judge({...says('listening', now), answeredAtMs: now + 1}, {answeredAtMs: now + 1})).not.toBeNull()
  })

  it('go separate ways when a write is missing for a second, whatever they say', () => {
    const verdict = judge(says('paired'), says('paired'), [missing(1200), missing(1000)])
    expect(verdict).toMatchObject({verdict: 'unpaired-but-serving'})
    expect(verdict?.why).toMatch(/^writes have not crossed m1 → s1 and s1 → m1 for 1\.2 s; m1 is linked \(by its log\)/)
    expect(judge(says('paired'), says('paired'), [{...missing(999), crossedAtMs: now - 1100}, crossed])?.verdict).toBe(
      'paired',
    )
  })

  it('are told apart where one way only is dead', () => {
    const verdict = judge({}, {}, [crossed, missing(1500)])
    expect(verdict?.why).toBe('writes have not crossed s1 → m1 for 1.5 s (the other way they do)')
    const crossedBefore = {...crossed, crossedAtMs: now - 1600}
    const unsure = judge({}, {}, [crossedBefore, missing(1500)])
    expect(unsure?.why).toBe('writes have not crossed s1 → m1 for 1.5 s')
  })

  it('go separate ways when one cannot replicate at all', () => {
    expect(judge({replicates: false}, {})).toEqual({
      verdict: 'unpaired-but-serving',
      why: 'm1 is a memcached without replication',
      proven: false,
    })
  })

  it('are unknown when nothing tells, and not judged while a probe is on its way', () => {
    expect(judge({}, {})).toMatchObject({verdict: 'unknown', why: expect.stringContaining('only a probe write')})
    const failed = {...untried, problem: "m1 answers 'SERVER_ERROR out of memory' to a probe write"}
    expect(judge({}, {}, [failed, untried])?.why).toContain("the probe write failed: m1 answers 'SERVER_ERROR")
    expect(judge({}, {}, [missing(10), untried])).toBeNull()
    expect(judge(says('joining'), {})).toMatchObject({verdict: 'unknown', why: 'm1 is joining its peer (by its log)'})
  })
})

describe('one node that answers', () => {
  it.each(['listening', 'orphaned'] as const)('is %s when it says so', link => {
    expect(judge(says(link), silent)).toMatchObject({verdict: link})
    expect(judge(silent, says(link))).toMatchObject({verdict: link})
  })

  it('may have a frozen partner', () => {
    expect(judge(says('paired'), silent)).toEqual({
      verdict: 'unknown',
      why: 's1 does not answer, but m1 still holds its link to it (frozen, or too busy?)',
      proven: false,
    })
  })

  it('is given time to notice', () => {
    expect(judge({...says('paired'), answeredAtMs: now - 2}, silent)).toBeNull()
  })
})

it('says so when no node answers, and waits for the first answer of each', () => {
  expect(judge(silent, silent)).toMatchObject({verdict: 'unknown', why: 'neither m1 nor s1 answers'})
  expect(judge({answeredAtMs: null}, {})).toBeNull()
})
