package io.kohakuvault.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UuidTextTest {
    @Test
    void aTextOfEitherCaseIsRead() {
        UUID uuid = UUID.fromString("123e4567-e89b-12d3-a456-42661417400f");
        assertThat(LogicalType.Uuid.parse("123e4567-e89b-12d3-a456-42661417400f"))
                .isEqualTo(uuid);
        assertThat(LogicalType.Uuid.parse("123E4567-E89B-12D3-A456-42661417400F"))
                .isEqualTo(uuid);
        assertThat(LogicalType.Uuid.parse("ffffffff-ffff-ffff-ffff-ffffffffffff"))
                .isEqualTo(new UUID(-1, -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1-1-1-1-1",
                "123e4567e89b12d3a45642661417400f",
                "{123e4567-e89b-12d3-a456-42661417400}",
                "1123e4567-e89b-12d3-a456-42661417400",
                "123e4567-e89b-12d3-a456-42661417400f ",
                "123e456-7e89b-12d3-a456-42661417400f0",
                "123e4567-e89b-12d3-a456-42661417400g",
                "+23e4567-e89b-12d3-a456-42661417400f",
                "١٢٣٤٥٦٧٨-e89b-12d3-a456-42661417400f"
            })
    void whatOnlyLooksAlikeIsRefusedAndNotShown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogicalType.Uuid.parse(text))
                .withMessage("it is no UUID, as 123e4567-e89b-12d3-a456-426614174000 is");
    }
}
