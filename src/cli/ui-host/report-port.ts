import type {ReportPort} from '../../ui/ports/report-port.js'

/** The run history as the UI sees it; what lists, reads and compares runs is loaded when it is asked for. */
export function createReportPort(env: NodeJS.ProcessEnv): ReportPort {
  const reports = async () => (await import('./reports.js')).uiReports(env)
  return {
    list: async limit => (await import('./report-list.js')).newestEntries(env, limit),
    open: async entry => (await reports()).open(entry),
    compare: async (first, second) => (await reports()).compare(first, second),
    remove: async path => (await reports()).remove(path),
    export: async entry => (await reports()).export(entry),
  }
}
