package io.kohakuvault.connect.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The verifier itself: what it would have to find. */
class SequenceTest {
    private static SampleLog log(long... numbers) {
        SampleLog log = new SampleLog();
        for (long number : numbers) {
            log.add(number, 0, new Sample(Sample.Kind.GOOD, number));
        }
        return log;
    }

    private static Sequence sequence(SampleLog records, SampleLog required, long... there) {
        Sequence sequence = new Sequence("row", new ChaosTopic.Expected(records, required), 10);
        for (long number : there) {
            int unused = sequence.next(number);
        }
        return sequence;
    }

    private static Sequence sequence(SampleLog records, long... there) {
        return sequence(records, records, there);
    }

    @Test
    void findsNothingWhereNothingIs() {
        Sequence same = sequence(log(1, 2, 3), 1, 2, 3);
        assertThat(same.problems()).isEmpty();
        assertThat(same.lost() + same.doubled() + same.gone()).isZero();
        assertThat(same.most()).isEqualTo(3);
    }

    @Test
    void findsWhatIsLostDoubledOrOutOfOrder() {
        Sequence lost = sequence(log(1, 2, 3), 1, 3);
        assertThat(lost.lost()).isEqualTo(1);
        assertThat(lost.problems()).isNotEmpty();
        Sequence doubled = sequence(log(1, 2, 3), 1, 2, 2, 3);
        assertThat(doubled.doubled()).isEqualTo(1);
        assertThat(doubled.problems()).isNotEmpty();
        Sequence atTheEnd = sequence(log(1, 2, 3), 1, 2);
        assertThat(atTheEnd.lost()).isEqualTo(1);
        Sequence swapped = sequence(log(1, 2, 3), 2, 1, 3);
        assertThat(swapped.lost() + swapped.doubled()).isZero();
        assertThat(swapped.problems()).singleElement().asString().contains("not in order");
        assertThat(sequence(log(1), 1, 12).problems())
                .singleElement()
                .asString()
                .contains("never sent");
    }

    @Test
    void knowsWhatIsThereTwiceOnPurpose() {
        SampleLog again = log(1, 2, 3);
        again.addAll(log(1, 2, 3), 2, Long.MAX_VALUE);
        assertThat(sequence(again, 1, 2, 3, 2, 3).problems()).isEmpty();
        assertThat(sequence(again, 1, 2, 3).lost()).isEqualTo(2);
    }

    @Test
    void knowsWhatCompactionMayHaveRemoved() {
        Sequence gaps = sequence(log(1, 2, 3, 4), log(3, 4), 2, 3, 4);
        assertThat(gaps.problems()).isEmpty();
        assertThat(gaps.gone()).isEqualTo(1);
        Sequence lost = sequence(log(1, 2, 3, 4), log(3, 4), 1, 2, 4);
        assertThat(lost.lost()).isEqualTo(1);
        assertThat(lost.problems()).isNotEmpty();
    }
}
