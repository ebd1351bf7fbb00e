/**
 * Adds up test runs, each given by its name, its JSON report and the exit code of its runner:
 *
 *   node scripts/summarize-tests.js 'Node 20' first.json 0 'Node 24' second.json 0
 *
 * The last line is `N passed, N failed`. Whatever is not a pass counts as a failure: a skipped test,
 * a file that cannot be loaded, an error outside of any test, a run without a report.
 */
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;

const args = process.argv.slice(2);
for (let i = 0; i < args.length; i += 3) {
  const [name, path, exitCode] = args.slice(i, i + 3);
  const run = readRun(path);
  if (run.failures.length === 0 && exitCode !== '0') {
    run.failures.push(`no test, but the runner ended with exit code ${exitCode}`);
  }
  if (run.failures.length === 0 && run.passed === 0) run.failures.push('no test has run');
  passed += run.passed;
  failed += run.failures.length;
  console.log(`${name}: ${run.passed} passed, ${run.failures.length} failed`);
  for (const failure of run.failures) console.log(`  failed: ${failure}`);
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

function readRun(path) {
  const run = { passed: 0, failures: [] };
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    run.failures.push(`no report (${error.message})`);
    return run;
  }
  for (const file of report.testResults) {
    const before = run.failures.length;
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') run.passed += 1;
      else run.failures.push(status === 'failed' ? fullName : `${fullName} (${status})`);
    }
    if (file.status === 'failed' && run.failures.length === before) run.failures.push(file.name);
  }
  return run;
}
