/** The view `event`: a row for each event with its JSON, out of the batches. For queries; no store reads it. */

/** The start of the JSON of the event in a row. */
const HEAD = `'{"v":' || coalesce(row.value -> '$.v', batch.context -> '$.v')
    || ',"pool":' || (batch.context -> '$.pool') || ',"seq":' || (batch.first + row.key)`;
/** The same with the fields that all short rows have. */
const TASK = `${HEAD} || ',"at":' || ((batch.context ->> '$.at') + (row.value ->> 1))`;
const ID_AND_GROUP = `'"id":' || (row.value ->> 2)
    || ',"group":' || (batch.context -> ('$.groups[' || (row.value ->> 3) || ']'))`;

/** The fields in an object at a place, after others; the end of the JSON in any case. */
const rest = (place: number): string =>
  `CASE WHEN json_type(row.value, '$[${place}]') IS NULL THEN '}' ELSE ',' || substr(row.value -> ${place}, 2) END`;
/** A field that is said in the rest or is the usual one. */
const usual = (field: string, value: string): string =>
  `CASE WHEN json_type(row.value, '$[6].${field}') IS NULL THEN ',"${field}":${value}' ELSE '' END`;
const milliseconds = (place: number): string => `((row.value ->> ${place}) / 1000.0)`;

const OF_BATCHES = `
SELECT batch.first + row.key AS seq, CASE
  WHEN row.type = 'object' THEN ${HEAD} || ',' || substr(json_remove(row.value, '$.v'), 2)
  WHEN row.value ->> 0 = 'q' THEN ${TASK} || ',"type":"task.queued",' || ${ID_AND_GROUP}
    || ',"index":' || (row.value ->> 4) || ${rest(5)}
  WHEN row.value ->> 0 = 's' THEN ${TASK} || ',"type":"task.started",' || ${ID_AND_GROUP} || '}'
  WHEN row.value ->> 0 = 'e' THEN ${TASK} || ',"type":"task.ended",' || ${ID_AND_GROUP}
    || ${usual('outcome', '"fulfilled"')} || ${usual('attempt', '1')}
    || ',"waited":' || ${milliseconds(4)} || ',"ran":' || ${milliseconds(5)} || ${rest(6)}
  END AS body
FROM batch, json_each('[' || batch.rows || ']') AS row`;

/** Makes the view. */
export function eventView(olderEvents: string | undefined): string {
  const older = olderEvents === undefined ? '' : `SELECT seq, body FROM ${olderEvents} UNION ALL`;
  return `CREATE VIEW event (seq, body) AS ${older} ${OF_BATCHES};`;
}
