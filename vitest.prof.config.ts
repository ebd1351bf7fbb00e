import config from './vitest.config.ts';
const projects = (config as any).test.projects;
for (const p of projects) if (p.test.name !== 'types') p.test.setupFiles = ['/tmp/tprof/setup.mjs'];
(config as any).test.experimental = {fsModuleCache: true};
export default config;
