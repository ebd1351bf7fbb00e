/** Runs in the test process: records which test reaches which mutants, then tries mutants with the tests that do. */

import { appendFileSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { type RunnerTestCase, type RunnerTestSuite, TestRunner } from 'vitest';
import { Attempts } from './attempts.ts';
import { switches } from './switches.ts';

/** What a process is to do; `main.js` writes it. */
interface Task {
  /** Where the reached mutants of each test are, or are to be written if there are no mutants to try. */
  readonly coverage: string;
  readonly mutants?: readonly { id: number; file: string }[];
  /** How much processor time all tests of a mutant may take together, in milliseconds; no limit by default. */
  readonly budget?: number;
  /** A line for each mutant that is begun, and for each that has been tried. */
  readonly results: string;
}

interface Coverage {
  /** What is reached before any test. */
  readonly loading: number[];
  /** By the name of the test. */
  readonly tests: Record<string, { ms: number; reached: number[] }>;
  /** The highest number of times that a test reaches a mutant. */
  readonly most: Record<number, number>;
}

/** With a larger budget, in milliseconds, properties come second, before most unit tests. */
const FOR_PROPERTIES = 3000;
/** Tests that take more processor time are not run for each mutant, in milliseconds: they measure, or need much of something. */
const TOO_SLOW = { unit: 250, property: 3000 };

const task: Task = JSON.parse(readFileSync(process.env['MUTATION_TASK'] as string, 'utf8'));

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default class MutationRunner extends TestRunner {
  readonly #attempts = new Attempts(this);

  async runSuite(file: RunnerTestSuite): Promise<void> {
    const tests = await this.#begun(file);
    if (task.mutants === undefined) await this.#cover(tests);
    else await this.#tryMutants(task.mutants, tests);
    process.kill(process.pid, 'SIGKILL');
  }

  /** All tests by their names, once what comes before all of them has been done. */
  async #begun(suite: RunnerTestSuite, path = '', tests = new Map<string, RunnerTestCase>()) {
    for (const hook of TestRunner.getSuiteHooks(suite).beforeAll) await hook(suite);
    for (const child of suite.tasks) {
      let name = `${path} > ${child.name}`;
      if (child.type === 'suite') await this.#begun(child, name, tests);
      else if (child.mode === 'run' || child.mode === 'queued') {
        while (tests.has(name)) name += "'";
        tests.set(name, child);
      }
    }
    return tests;
  }

  /** Only tests are used that pass a second time in the same process. */
  async #cover(tests: Map<string, RunnerTestCase>): Promise<void> {
    const coverage: Coverage = {
      loading: [...(switches.counts ?? [])].map(([id]) => id),
      tests: {},
      most: {},
    };
    for (const [name, test] of tests) {
      const counts = new Map<number, number>();
      switches.counts = counts;
      const before = process.cpuUsage();
      const problem =
        (await this.#attempts.run(test, 60_000)) ?? (await this.#attempts.run(test, 60_000));
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 2000;
      if (problem !== undefined || ms > TOO_SLOW[kindOf(name)]) {
        record({ skipped: name, ms, problem });
        continue;
      }
      coverage.tests[name] = { ms, reached: [...counts.keys()] };
      for (const [id, count] of counts) {
        coverage.most[id] = Math.max(coverage.most[id] ?? 0, count);
      }
    }
    writeFileSync(task.coverage, JSON.stringify(coverage));
  }

  async #tryMutants(mutants: NonNullable<Task['mutants']>, tests: Map<string, RunnerTestCase>) {
    const {
      tests: covered,
      most,
      loading,
    }: Coverage = JSON.parse(readFileSync(task.coverage, 'utf8'));
    const whileLoading = new Set(loading);
    const reaching = new Map<number, string[]>(mutants.map(({ id }) => [id, []]));
    for (const [name, { reached }] of Object.entries(covered)) {
      for (const id of reached) reaching.get(id)?.push(name);
    }
    switches.counts = undefined;
    /** How many mutants of a file a test has noticed: it probably notices the next one. */
    const noticed = new Map<string, number>();
    for (const { id, file } of mutants) {
      const score = (name: string) => noticed.get(`${file} ${name}`) ?? 0;
      const reached = reaching.get(id) ?? [];
      const { budget = Number.POSITIVE_INFINITY } = task;
      const names = withinBudget(inOrder(reached, covered, budget), covered, budget);
      names.sort((one, other) => score(other) - score(one));
      record({ begun: id });
      const start = performance.now();
      const by = await this.#noticing(id, most[id] ?? 0, names, tests, covered);
      let status = by === undefined ? 'survived' : 'noticed';
      if (names.length === 0) status = whileLoading.has(id) ? 'while loading' : 'not reached';
      record({
        id,
        status,
        by,
        tests: names.length,
        of: reached.length,
        ms: Math.round(performance.now() - start),
      });
      if (by !== undefined) noticed.set(`${file} ${by}`, score(by) + 1);
    }
  }

  /** The first test that fails with a mutant, passes without it, and fails with it again. */
  async #noticing(
    id: number,
    usual: number,
    names: string[],
    tests: Map<string, RunnerTestCase>,
    covered: Coverage['tests'],
  ): Promise<string | undefined> {
    const fails = async (test: RunnerTestCase, ms: number) => {
      // So `main.js` knows that nothing runs for ever.
      utimesSync(task.results, new Date(), new Date());
      switches.activate(id, usual);
      const problem = await this.#attempts.run(test, 5000 + 100 * ms);
      switches.deactivate();
      return problem !== undefined;
    };
    for (const name of names) {
      const test = tests.get(name);
      if (test === undefined) continue;
      const { ms } = covered[name] as { ms: number };
      if (!(await fails(test, ms))) continue;
      if ((await this.#attempts.run(test, 5000 + 100 * ms)) !== undefined) {
        // What the mutant has left behind disturbs others.
        record({ disturbed: id, name });
        process.kill(process.pid, 'SIGKILL');
      }
      if (await fails(test, ms)) return name;
    }
    return undefined;
  }
}

function record(line: object): void {
  appendFileSync(task.results, `${JSON.stringify(line)}\n`);
}

function kindOf(name: string): keyof typeof TOO_SLOW {
  return name.includes('/property/') ? 'property' : 'unit';
}

/**
 * The tests that most probably notice something first: half of the budget is for those that do little else and are
 * quick, the other half for a test of each file, then a second one of each file, and so on.
 */
function inOrder(names: string[], tests: Coverage['tests'], budget: number): string[] {
  const price = (name: string) => {
    const { ms, reached } = tests[name] as Coverage['tests'][string];
    return (ms + 0.1) * reached.length;
  };
  const cheapFirst = names.toSorted((one, other) => price(one) - price(other));
  const special = withinBudget(cheapFirst, tests, Math.min(budget, FOR_PROPERTIES) / 2);
  const rounds: string[][] = [];
  const before = new Map<string, number>();
  for (const name of cheapFirst) {
    const file = name.split(' > ')[1] as string;
    const round = before.get(file) ?? 0;
    before.set(file, round + 1);
    rounds[round] ??= [];
    rounds[round].push(name);
  }
  const properties = names.filter((name) => kindOf(name) === 'property');
  const second = budget > FOR_PROPERTIES ? properties : [];
  return [...new Set([...special, ...second, ...rounds.flat()])];
}

/** As many as fit. */
function withinBudget(names: string[], tests: Coverage['tests'], budget: number): string[] {
  let left = budget;
  return names.filter((name) => {
    const { ms } = tests[name] as Coverage['tests'][string];
    left -= ms;
    return left >= 0;
  });
}
