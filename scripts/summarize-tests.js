/**
 * Adds up test runs, each given by its name, its JSON report and the exit code of its runner:
 *
 *   node scripts/summarize-tests.js 'Node 20' first.json 0 'Node 24' second.json 0
 *
 * The last line is `N passed, N failed`. Everything except a pass counts as a failure: a skipped test, a file that
 * cannot be loaded, an error outside of tests, a run without a report. Tests that passed when they were tried again are
 * listed with the error of the first try.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The maximum number of lines shown of an error. */
const MAX_LINES = 12;

let passed = 0;
let failed = 0;

const args = process.argv.slice(2);
for (let i = 0; i < args.length; i += 3) {
  const [name, path, exitCode] = args.slice(i, i + 3);
  const run = readRun(path);
  if (run.failures.length === 0 && exitCode !== '0') {
    run.failures.push({ what: `no test, but the runner ended with exit code ${exitCode}` });
  }
  if (run.failures.length === 0 && run.passed === 0) run.failures.push({ what: 'no test has run' });
  passed += run.passed;
  failed += run.failures.length;
  console.log(`${name}: ${run.passed} passed, ${run.failures.length} failed`);
  list('failed:', run.failures);
  list('passed when tried again:', run.retried);
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

function readRun(path) {
  const run = { passed: 0, failures: [], retried: [] };
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    run.failures.push({ what: `no report (${error.message})` });
    return run;
  }
  for (const file of report.testResults) {
    const name = relative('.', file.name);
    const before = run.failures.length;
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      const test = { what: `${name}: ${fullName.trim()}`, error: failureMessages[0] };
      if (status === 'passed') {
        run.passed += 1;
        if (test.error !== undefined) run.retried.push(test);
      } else {
        if (status !== 'failed') test.what += ` (${status})`;
        run.failures.push(test);
      }
    }
    if (file.status === 'failed' && run.failures.length === before) {
      run.failures.push({ what: name, error: file.message });
    }
  }
  return run;
}

function list(title, tests) {
  if (tests.length > 0) console.log(`  ${title}`);
  for (const { what, error } of tests) {
    console.log(`    ${what}`);
    const lines = (error ?? '').split('\n').slice(0, MAX_LINES);
    for (const line of lines) if (line !== '') console.log(`      ${line}`);
  }
}
