import config from './vitest.config.ts';
const projects = (config as any).test.projects;
for (const p of projects) if (p.test.name !== 'types') p.test.setupFiles = ['/tmp/tprof/setup.mjs'];
(config as any).test.experimental = {fsModuleCache: true};
(config as any).test.execArgv = ["--expose-gc","--cpu-prof","--cpu-prof-dir=/tmp/tprof/prof"]; for (const p of projects) if (p.test.execArgv) delete p.test.execArgv;
export default config;
