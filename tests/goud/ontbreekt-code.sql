(feiten.medicatiecontrole = 'ja' AND feiten.nieuw_of_verlenging = TRUE AND feiten.code = 'onbekend' AND feiten.toewijzingsdatum >= '2022-01-01')
OR (feiten.medicatiecontrole = 'ja' AND feiten.nieuw_of_verlenging = TRUE AND feiten.code = 'onbekend' AND feiten.ingangsdatum >= '2022-01-01')
