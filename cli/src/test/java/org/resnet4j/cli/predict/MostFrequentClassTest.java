package org.resnet4j.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MostFrequentClassTest {
    /** A share of 0.6 has a standard deviation of 0.049 among 100 images and of 0.155 among 10. */
    @ParameterizedTest
    @CsvSource({
        "60,100,0.30,true",
        "60,100,0.60,true",
        "60,100,0.64,true",
        "60,100,0.65,false",
        "6,10,0.75,true",
        "6,10,0.76,false",
        "2,3,1.00,false",
        "10,10,1.00,false"
    })
    void modelHasToExceedTheMostFrequentClassByMoreThanChance(
            int images, int samples, double accuracy, boolean isAsGood) {
        assertEquals(isAsGood, new MostFrequentClass("cat", images, samples).isAsGoodAs(accuracy));
    }
}
