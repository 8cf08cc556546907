package io.kohakuvault.connect.chaos;

import java.util.ArrayList;
import java.util.List;

/** Compares what stands in a file one after the other with the records that are to be there: each, once, in order. */
final class Sequence {
    private static final int MOST_TOLD = 5;

    private final String what;
    private final SampleLog records;

    /** How often each number is there, and how often it must and may be. */
    private final byte[] seen;

    private final byte[] least;
    private final byte[] most;

    private final List<String> problems = new ArrayList<>();
    private long size;
    private int next;
    private boolean inOrder = true;
    private int different;

    Sequence(String what, ChaosTopic.Expected expected, long numbers) {
        this.what = what;
        this.records = expected.records();
        this.seen = new byte[Math.toIntExact(numbers)];
        this.least = new byte[seen.length];
        this.most = new byte[seen.length];
        count(expected.required(), least);
        count(expected.records(), most);
    }

    private static void count(SampleLog log, byte[] counts) {
        for (int i = 0; i < log.size(); i++) {
            if (log.isGood(i)) {
                counts[(int) log.number(i)]++;
            }
        }
    }

    /** The next one there is this record; answers the index that it must be of, -1 when it is not in order. */
    int next(long number) {
        size++;
        if (number < 0 || number >= seen.length) {
            tell("there is a " + what + " of record " + number + ", which was never sent");
            return -1;
        }
        seen[(int) number] = (byte) Math.min(Byte.MAX_VALUE, seen[(int) number] + 1);
        while (inOrder && next < records.size() && records.number(next) != number && mayBeMissing(next)) {
            next++;
        }
        if (inOrder && (next == records.size() || records.number(next) != number)) {
            inOrder = false;
            tell("not in order: " + what + " " + (size - 1) + " is of record " + number + " and not of "
                    + (next == records.size() ? "none" : records.sample(next) + " at offset " + records.offset(next)));
        }
        return inOrder ? next++ : -1;
    }

    private boolean mayBeMissing(int index) {
        return !records.isGood(index) || least[(int) records.number(index)] == 0;
    }

    /** What stands there is not what the record says. */
    void differs(String stands) {
        different++;
        if (different <= MOST_TOLD) {
            tell("a " + what + " differs: " + stands);
        }
    }

    private void tell(String problem) {
        problems.add(problem);
    }

    long size() {
        return size;
    }

    /** How many there may be. */
    long most() {
        return sum(most, new byte[most.length]);
    }

    long lost() {
        return sum(least, seen);
    }

    long doubled() {
        return sum(seen, most);
    }

    /** How many were compacted away before. */
    long gone() {
        return sum(most, seen) - lost();
    }

    private static long sum(byte[] of, byte[] without) {
        long sum = 0;
        for (int i = 0; i < of.length; i++) {
            sum += Math.max(0, of[i] - without[i]);
        }
        return sum;
    }

    List<String> problems() {
        if (different > MOST_TOLD) {
            problems.add(different + " differ");
        }
        for (int i = 0, told = 0; i < seen.length && told < MOST_TOLD; i++) {
            if (seen[i] < least[i] || seen[i] > most[i]) {
                told++;
                problems.add(
                        what + " of record " + i + ": " + seen[i] + " times, must be " + least[i] + " to " + most[i]);
            }
        }
        return problems;
    }
}
