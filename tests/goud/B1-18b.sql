(feiten.segment = 'top' AND feiten.handeling = 'lopend' AND feiten.toewijzingsdatum < '2021-05-01' AND feiten.ingangsdatum < '2021-05-01' AND feiten.einddatum > '2022-12-31')
