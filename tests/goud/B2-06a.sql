(feiten.medicatiecontrole = 'ja' AND feiten.nieuw_of_verlenging = TRUE AND feiten.code IN ('54002') AND feiten.toewijzingsdatum >= '2022-01-01' AND feiten.eenheid <> '01')
OR (feiten.medicatiecontrole = 'ja' AND feiten.nieuw_of_verlenging = TRUE AND feiten.code IN ('54002') AND feiten.toewijzingsdatum >= '2022-01-01' AND feiten.frequentie <> '6')
OR (feiten.medicatiecontrole = 'ja' AND feiten.nieuw_of_verlenging = TRUE AND feiten.code IN ('54002') AND feiten.ingangsdatum >= '2022-01-01' AND feiten.eenheid <> '01')
OR (feiten.medicatiecontrole = 'ja' AND feiten.nieuw_of_verlenging = TRUE AND feiten.code IN ('54002') AND feiten.ingangsdatum >= '2022-01-01' AND feiten.frequentie <> '6')
