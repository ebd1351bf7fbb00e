/** The self-test in a worker of Cloudflare. */

import { selfTest } from '../self-test.ts';

const worker = {
  async fetch(): Promise<Response> {
    return Response.json(await selfTest());
  },
};

// biome-ignore lint/style/noDefaultExport: workerd asks for it.
export default worker;
