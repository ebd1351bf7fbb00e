/**
 * The view `event`: a row for each event with its JSON, decoded from the batches. For queries by users; stores do not
 * read it.
 */

/** The start of the JSON of an event. */
const HEAD = `'{"v":' || coalesce(row.value -> '$.v', batch.context -> '$.v')
    || ',"pool":' || (batch.context -> '$.pool') || ',"seq":' || (batch.first + row.key)`;
/** The start of the JSON, with the fields of all short rows. */
const TASK = `${HEAD} || ',"at":' || ((batch.context ->> '$.at') + (row.value ->> 1))`;
const ID_AND_GROUP = `'"id":' || (row.value ->> 2)
    || ',"group":' || (batch.context -> ('$.groups[' || (row.value ->> 3) || ']'))`;

/** The fields of the object at an index, if there is one, and the end of the JSON. */
const rest = (place: number): string =>
  `CASE WHEN json_type(row.value, '$[${place}]') IS NULL THEN '}' ELSE ',' || substr(row.value -> ${place}, 2) END`;
/** A field with a default, unless it is in the `rest` object. */
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

/** The SQL that creates the view. */
export function eventView(olderEvents: string | undefined): string {
  const older = olderEvents === undefined ? '' : `SELECT seq, body FROM ${olderEvents} UNION ALL`;
  return `CREATE VIEW event (seq, body) AS ${older} ${OF_BATCHES};`;
}
