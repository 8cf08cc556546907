/**
 * Tables: named, typed, nullable columns of one length that are appended together.
 *
 * <pre>{@code
 * Table flights = vault.tables()
 *         .ensure("flights", s -> s.timestamp("departed", TimeUnit.MS)
 *                 .column("carrier", DType.STR)
 *                 .nullable("delay", DType.I32));
 * flights.append(row -> row.set("departed", Instant.now()).set("carrier", "UA").set("delay", 12));
 * Filter late = Filter.where("delay", 60, null).and(Filter.equal("carrier", "UA"));
 * for (Row row : flights.scan(late, "departed", "delay")) System.out.println(row.getInstant("departed"));
 * flights.set(0, row -> row.setNull("delay")); // corrected
 * flights.removeBefore(flights.length() / 2); // a retention
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods.
 */
@NullMarked
package io.kohakuvault.table;

import org.jspecify.annotations.NullMarked;
