(feiten.handeling = 'verlenging' AND feiten.medicatiecontrole = 'ja' AND feiten.toewijzingsdatum >= '2021-11-24')
OR (feiten.handeling = 'verlenging' AND feiten.medicatiecontrole = 'ja' AND feiten.ingangsdatum >= '2022-01-01')
