(feiten.segment = 'top' AND feiten.handeling = 'lopend' AND feiten.raamovereenkomst <> 'onbekend' AND feiten.toewijzingsdatum >= '2021-05-01' AND feiten.einddatum > '2022-12-31')
OR (feiten.segment = 'top' AND feiten.handeling = 'lopend' AND feiten.raamovereenkomst <> 'onbekend' AND feiten.ingangsdatum >= '2021-05-01' AND feiten.einddatum > '2022-12-31')
OR (feiten.segment = 'top' AND feiten.handeling = 'lopend' AND feiten.ingangsdatum <= '2022-12-31' AND feiten.toewijzingsdatum >= '2021-05-01' AND feiten.einddatum > '2022-12-31')
OR (feiten.segment = 'top' AND feiten.handeling = 'lopend' AND feiten.ingangsdatum <= '2022-12-31' AND feiten.ingangsdatum >= '2021-05-01' AND feiten.einddatum > '2022-12-31')
